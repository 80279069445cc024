import { attributes } from './envelope.ts';
import { html, prose, type Html } from './html.ts';
import { eventPanel } from './page-event.ts';
import { guides } from './page-guides.ts';
import { pageStyle } from './page-style.ts';
import type { PublicEvent } from './public-events.ts';

/** The page `/docs/events`: everything in one document, readable without scripts, nothing fetched. */
export function eventsPage(events: readonly PublicEvent[], o: { publicUrl: string }): string {
  const page = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>Wardline events</title>
      <style>
        ${{ markup: pageStyle }}
      </style>
    </head>
    <body>
      <header class="top-bar">
        <a class="brand" href="/"
          ><svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
            <rect width="32" height="32" rx="8" />
            <path d="M6 17h4l2.5-7 4 14 3.5-10 2 3h4" />
          </svg>
          Wardline</a
        >
        <span class="where">Events</span>
        <nav aria-label="Documents"><a href="/api/v1/events/asyncapi.json">AsyncAPI 3</a></nav>
      </header>
      <div class="layout">
        ${contents(events)}
        <main>
          <div>
            <h1>Events for integrators</h1>
            <p class="lead">
              What happens in a hospital’s calls and appointments, told as it happens: as webhooks, as a
              stream, or in a Kafka topic of the hospital’s own. Every event is a
              <a href="https://cloudevents.io/">CloudEvent</a> with JSON that you can read without our code.
            </p>
          </div>
          ${promises()}
          <h2 class="part">Receiving them</h2>
          ${guides(o.publicUrl)}
          <h2 class="part" id="envelope">What every event has</h2>
          ${envelopePanel()}
          <h2 class="part">The events</h2>
          ${events.map(eventPanel)}
          <h2 class="part" id="evolution">How they change</h2>
          ${evolutionPanel()}
        </main>
      </div>
    </body>
  </html>`;
  return `<!doctype html>\n${page.markup}\n`;
}

function contents(events: readonly PublicEvent[]): Html {
  const list = (links: [string, string][]) =>
    html`<ul>
      ${links.map(([anchor, label]) => html`<li><a href="#${anchor}">${label}</a></li>`)}
    </ul>`;
  return html`<nav class="contents" aria-label="Contents">
    <section>
      <h2>Start</h2>
      ${list([['promises', 'What you can count on']])}
    </section>
    <section>
      <h2>Receiving them</h2>
      ${list([
        ['webhooks', 'Webhooks'],
        ['stream', 'Event stream'],
        ['kafka', 'Kafka'],
      ])}
    </section>
    <section>
      <h2>Reference</h2>
      ${list([
        ['envelope', 'What every event has'],
        ...events.map(({ name }): [string, string] => [name, name]),
        ['evolution', 'How they change'],
      ])}
    </section>
  </nav>`;
}

function promises(): Html {
  const rules: [string, string][] = [
    [
      'At least once',
      'An event can come twice, with the same `id`. Remember what you have taken, in the transaction of its effect.',
    ],
    [
      'In order per key',
      'Events of one key in one topic come in the order in which they happened: `partitionkey` is the key, `sequence` counts per subject.',
    ],
    [
      'No order between topics',
      '`calls.completed` may come before `calls.initiated`. Take each for what it says.',
    ],
    [
      'Personal only when asked for',
      'Names and phone numbers are in an event only for a subscription with the personal scope; otherwise the field is absent.',
    ],
  ];
  return html`<section class="panel" id="promises">
    <h3>What you can count on</h3>
    <dl class="rules">
      ${rules.map(
        ([rule, why]) =>
          html`<div>
            <dt>${rule}</dt>
            <dd>${prose(why)}</dd>
          </div>`,
      )}
    </dl>
  </section>`;
}

function envelopePanel(): Html {
  const where = { json: 'webhook, stream', kafka: 'Kafka' };
  return html`<section class="panel">
    <p>
      Attributes of CloudEvents 1.0. In webhooks and in the stream they stand beside <code>data</code> in one
      JSON object; in Kafka they are headers that begin with <code>ce_</code>.
    </p>
    <div class="table">
      <table>
        <thead>
          <tr>
            <th scope="col">attribute</th>
            <th scope="col">where</th>
            <th scope="col">what it is</th>
          </tr>
        </thead>
        <tbody>
          ${attributes.map(
            ({ name, description, only }) =>
              html`<tr>
                <td class="name"><code>${name}</code></td>
                <td class="kind">${only ? where[only] : 'everywhere'}</td>
                <td>${prose(description)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <p class="muted">
      Times are RFC 3339 in UTC. Durations are seconds with an <code>s</code>, such as <code>93.500s</code>. A
      webhook can also bring <code>wardline.webhook.test</code>, when staff try it out: take it with a 2xx and
      do nothing.
    </p>
  </section>`;
}

function evolutionPanel(): Html {
  return html`<section class="panel">
    <ul>
      <li>Fields are added. <strong>Ignore fields that you do not know.</strong></li>
      <li>
        Enum values are added.
        <strong>Read a value that you do not know as the <code>…_UNSPECIFIED</code> one</strong>, and do not
        fail.
      </li>
      <li>
        Nothing is renamed, given another type, or removed. An event that has to change in such a way gets a
        new <code>type</code> beside the old one.
      </li>
      <li>Topics are added; you receive those that you have subscribed to.</li>
    </ul>
    <p class="links"><a href="/api/v1/events/asyncapi.json">AsyncAPI 3 document</a></p>
  </section>`;
}
