import { code, html, type Html } from './html.ts';

/** How to receive events in each of the three ways. The code is whole: copied, with a secret filled in, it runs. */
export function guides(publicUrl: string): Html {
  return html`${webhookGuide()} ${streamGuide(publicUrl)} ${kafkaGuide()}`;
}

function webhookGuide(): Html {
  return html`<section class="panel" id="webhooks">
    <h3>Webhooks</h3>
    <p>
      Wardline posts each event to your HTTPS address. Right for most systems: nothing to keep open, and a
      delivery log with replay in the console.
    </p>
    <ol>
      <li>
        Staff of the hospital add your address in the console under <em>Integrations</em> and choose topics.
        You get a secret, <code>whsec_…</code>, shown once.
      </li>
      <li>
        Verify every delivery, over the <strong>raw body</strong>, by the
        <a href="https://www.standardwebhooks.com/">Standard Webhooks</a> specification; libraries for most
        languages exist.
      </li>
      <li>Answer with any 2xx within 12 seconds. Do slow work afterwards.</li>
    </ol>
    ${code(
      'Node.js: npm install standardwebhooks',
      `
import http from 'node:http';
import { Webhook } from 'standardwebhooks';

const webhook = new Webhook(process.env.WARDLINE_WEBHOOK_SECRET); // whsec_…

http.createServer(async (req, res) => {
  const chunks = [];
  for await (const chunk of req) chunks.push(chunk);
  let event;
  try {
    event = webhook.verify(Buffer.concat(chunks), req.headers);
  } catch {
    return res.writeHead(401).end();
  }
  await takeOnce(event.id, () => handle(event)); // yours: events can come twice
  res.writeHead(204).end();
}).listen(8080);
`,
    )}
    ${code(
      'Python: pip install standardwebhooks',
      `
from standardwebhooks.webhooks import Webhook

webhook = Webhook(os.environ["WARDLINE_WEBHOOK_SECRET"])
event = webhook.verify(request.body, dict(request.headers))  # raises WebhookVerificationError
`,
    )}
    <h4>When you do not answer</h4>
    <ul>
      <li>
        A delivery that fails is tried again after 2 s, 5 s, 15 s, 1 min and so on, at last every hour, for 24
        hours. Later events of the <strong>same key wait behind it</strong>; other keys go on.
      </li>
      <li>
        <code>410 Gone</code> switches the webhook off. So do 24 hours without a single success; the
        hospital’s staff is told, and nothing is lost: replay from the delivery log.
      </li>
      <li>Redirects are not followed, and addresses in private networks are refused.</li>
      <li>While a secret is being rotated, deliveries carry two signatures; libraries accept either.</li>
    </ul>
  </section>`;
}

function streamGuide(publicUrl: string): Html {
  const url = `${publicUrl}/api/v1/events/stream`;
  return html`<section class="panel" id="stream">
    <h3>Event stream</h3>
    <p>
      Server-Sent Events over one HTTPS request that stays open. Right where nothing can reach you from
      outside.
    </p>
    <ol>
      <li>
        Staff hand you a token, <code>wl_…</code>, under <em>Integrations</em>. Send it as a header; in an
        address it is refused.
      </li>
      <li>
        Store the <code>id</code> of the last event that you have handled, <strong>after</strong> its effect.
      </li>
      <li>
        When the stream ends, come back with that <code>id</code> as <code>Last-Event-ID</code>: it goes on
        right behind it, with nothing left out. Without one it begins with what happens from now on;
        <code>?after=0</code> begins with the oldest event kept.
      </li>
    </ol>
    ${code(
      'curl',
      `
curl -N -H "Authorization: Bearer $WARDLINE_STREAM_TOKEN" -H "Last-Event-ID: 4711" ${url}
`,
    )}
    ${code(
      'What comes',
      `
:
id: 4711

id: 4712
event: wardline.events.v1.CallCompleted
data: {"specversion":"1.0","id":"0199d1c4-…","type":"wardline.events.v1.CallCompleted", … }
`,
    )}
    ${code(
      'Node.js: npm install eventsource',
      `
import { EventSource } from 'eventsource';

const headers = { authorization: \`Bearer \${process.env.WARDLINE_STREAM_TOKEN}\` };
const source = new EventSource('${url}', {
  fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, ...headers } }),
});
source.addEventListener('wardline.events.v1.CallCompleted', ({ data, lastEventId }) => {
  const event = JSON.parse(data);
});
`,
    )}
    <ul>
      <li>A quiet stream sends a comment and its position every 15 seconds.</li>
      <li>
        <code>410</code>, or an event named <code>gap</code>: what comes after your position is no longer
        kept. Fetch the present state by the API and begin anew.
      </li>
    </ul>
  </section>`;
}

function kafkaGuide(): Html {
  return html`<section class="panel" id="kafka">
    <h3>Kafka</h3>
    <p>
      A topic of the hospital’s own with a user of your own, where the installation runs on Kafka. Right for a
      data platform that reads everything.
    </p>
    <ol>
      <li>
        Staff hand you brokers, user, password, topic (<code>egress.&lt;hospital&gt;</code>) and the prefix
        that your consumer groups have to begin with.
      </li>
      <li>
        Read it with any client: SASL mechanism <code>SCRAM-SHA-512</code>. The value is the data, the
        attributes are headers <code>ce_…</code> (<a
          href="https://github.com/cloudevents/spec/blob/main/cloudevents/bindings/kafka-protocol-binding.md"
          >CloudEvents Kafka binding</a
        >, binary mode), the message key is the event’s key.
      </li>
      <li>All events are in one topic: choose by the header <code>ce_type</code>.</li>
    </ol>
    ${code(
      'kcat',
      `
kcat -b "$BROKERS" -X security.protocol=SASL_SSL -X sasl.mechanism=SCRAM-SHA-512 \\
  -X sasl.username="$USERNAME" -X sasl.password="$PASSWORD" \\
  -X auto.offset.reset=earliest -f 'key=%k headers=%h\\n%s\\n' -G "\${GROUP_PREFIX}reports" "$TOPIC"
`,
    )}
    ${code(
      'Node.js: npm install kafkajs cloudevents',
      `
import { Kafka } from 'kafkajs';
import { Kafka as CloudEventsKafka } from 'cloudevents';

const { BROKERS, USERNAME, PASSWORD, TOPIC, GROUP_PREFIX } = process.env;
const kafka = new Kafka({
  brokers: BROKERS.split(','),
  ssl: true,
  sasl: { mechanism: 'scram-sha-512', username: USERNAME, password: PASSWORD },
});
const consumer = kafka.consumer({ groupId: \`\${GROUP_PREFIX}reports\` });
await consumer.connect();
await consumer.subscribe({ topic: TOPIC, fromBeginning: true });
await consumer.run({
  eachMessage: async ({ message }) => {
    const headers = Object.fromEntries(Object.entries(message.headers).map(([k, v]) => [k, String(v)]));
    const event = CloudEventsKafka.toEvent({ headers, key: String(message.key), value: String(message.value) });
  },
});
`,
    )}
    <ul>
      <li>
        Clients built on librdkafka (kcat, Python, Go, .NET) have to be built on 2.6.1 or newer: Kafka 4
        refuses the SCRAM log-in of older ones.
      </li>
      <li>
        An event can lie in the topic twice with the same <code>ce_id</code>; <code>ce_position</code> grows
        within a partition.
      </li>
    </ul>
  </section>`;
}
