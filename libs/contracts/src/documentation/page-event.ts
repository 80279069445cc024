import { ScalarType, type DescEnum, type DescField, type DescMessage } from '@bufbuild/protobuf';
import { descriptionOf } from './contract-image.ts';
import { html, jsonCode, prose, type Html } from './html.ts';
import { isAlwaysThere, isPersonal } from './json-schema.ts';
import type { PublicEvent } from './public-events.ts';

/** One event for reading: what it says, its fields, an example. Its anchor is its name. */
export function eventPanel(event: PublicEvent): Html {
  return html`<article class="panel" id="${event.name}">
    <div class="event-head">
      <h3><a href="#${event.name}">${event.name}</a></h3>
      <span class="badge badge-accent">${event.topic}</span>
      <span class="badge">key: ${event.key}</span>
      ${event.personalFields.length > 0 ? html`<span class="badge">has personal fields</span>` : undefined}
    </div>
    <p>${prose(event.description)}</p>
    ${fieldTable(event.message)}
    ${nestedMessages(event.message).map(
      (message) =>
        html`<h4>${message.name}</h4>
          <p class="muted">${prose(descriptionOf(message))}</p>
          ${fieldTable(message)}`,
    )}
    ${jsonCode('Example', event.example)}
    <p class="links">
      <a href="/api/v1/events/schemas/${event.name}.json">JSON Schema of its data</a>
      <span class="muted"><code>type</code> is <code>${event.typeName}</code></span>
    </p>
  </article>`;
}

function fieldTable(message: DescMessage): Html {
  return html`<div class="table">
    <table>
      <thead>
        <tr>
          <th scope="col">field</th>
          <th scope="col">type</th>
          <th scope="col">present</th>
          <th scope="col">what it is</th>
        </tr>
      </thead>
      <tbody>
        ${message.fields.map(
          (field) =>
            html`<tr>
              <td class="name"><code>${field.jsonName}</code></td>
              <td class="kind">${typeOf(field)}</td>
              <td class="kind">${presenceOf(field)}</td>
              <td>${prose(descriptionOf(field))}${field.enum ? enumValues(field.enum) : undefined}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function enumValues(desc: DescEnum): Html {
  return html`<details>
    <summary>${desc.values.length} values</summary>
    <dl class="values">
      ${desc.values.map(
        (value) =>
          html`<div>
            <dt><code>${value.name}</code></dt>
            <dd>${prose(descriptionOf(value))}</dd>
          </div>`,
      )}
    </dl>
  </details>`;
}

function presenceOf(field: DescField): string {
  if (isPersonal(field)) return 'personal scope';
  return isAlwaysThere(field) ? 'always' : 'when known';
}

function typeOf(field: DescField): string {
  const item = itemTypeOf(field);
  if (field.fieldKind === 'list') return `list of ${item}`;
  return field.fieldKind === 'map' ? `map to ${item}` : item;
}

function itemTypeOf(field: DescField): string {
  if (field.enum) return field.enum.name;
  if (isPersonal(field)) return 'text';
  switch (field.message?.typeName) {
    case undefined:
      return scalarName(field.scalar);
    case 'google.protobuf.Timestamp':
      return 'time (UTC)';
    case 'google.protobuf.Duration':
      return 'duration';
    default:
      return field.message?.name ?? '';
  }
}

function scalarName(scalar: ScalarType | undefined): string {
  if (scalar === ScalarType.STRING) return 'text';
  if (scalar === ScalarType.BOOL) return 'true or false';
  return scalar === ScalarType.BYTES ? 'base64' : 'number';
}

/** Messages of our own that an event holds, each once. */
function nestedMessages(message: DescMessage, seen = new Set<DescMessage>()): DescMessage[] {
  for (const field of message.fields) {
    const inner = field.message;
    if (!inner || isPersonal(field) || inner.typeName.startsWith('google.') || seen.has(inner)) continue;
    seen.add(inner);
    nestedMessages(inner, seen);
  }
  return [...seen];
}
