import type { DescMessage, FileRegistry } from '@bufbuild/protobuf';
import { egressTopicNames, topics, type TopicName } from '@wardline/event-bus/topics';
import { descriptionOf, loadContracts } from './contract-image.ts';
import { examples, type ExampleEvent } from './examples.ts';
import { isPersonal } from './json-schema.ts';

/** An event that integrators may subscribe to. */
export interface PublicEvent {
  readonly topic: TopicName;
  /** Full name, which is the CloudEvent's `type`. */
  readonly typeName: string;
  /** Its last part, which names its schema. */
  readonly name: string;
  readonly description: string;
  /** What stays in order within the topic. */
  readonly key: string;
  readonly message: DescMessage;
  readonly personalFields: readonly string[];
  readonly example: ExampleEvent;
}

/**
 * All of them, in the order of the topics.
 *
 * @throws when a topic carries a message that is not in `proto/`, or has no example
 */
export function publicEvents(contracts: FileRegistry = loadContracts()): PublicEvent[] {
  return egressTopicNames.flatMap((topic) =>
    topics[topic].messageTypes.map((typeName) => {
      const message = contracts.getMessage(typeName);
      const example = examples.get(typeName);
      if (!message) throw new Error(`${topic} carries ${typeName}, which is not in proto/`);
      if (!example) throw new Error(`${typeName} has no example`);
      return {
        topic,
        typeName,
        name: message.name,
        description: descriptionOf(message),
        key: topics[topic].keyDescription,
        message,
        personalFields: message.fields.filter(isPersonal).map((field) => field.jsonName),
        example,
      };
    }),
  );
}
