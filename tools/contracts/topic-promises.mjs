/** What consumers of a topic were promised, by topic; kept in proto/topics.lock.json. */
export function promisesOf(topics) {
  return Object.fromEntries(
    Object.entries(topics).map(([name, topic]) => [
      name,
      {
        partitions: topic.partitions,
        key: topic.keyDescription,
        compacted: topic.compacted,
        egress: topic.egress,
        messageTypes: topic.messageTypes,
      },
    ]),
  );
}

/** One line per promise that `topics` no longer keeps, or that was never written down. */
export function brokenTopicPromises(promised, topics) {
  const present = promisesOf(topics);
  const problems = Object.entries(promised).flatMap(([name, before]) => {
    const now = present[name];
    if (!now) return [`${name}: the topic is gone`];
    const differ = (what, consequence) =>
      before[what] === now[what]
        ? []
        : [`${name}: ${what} was ${before[what]}, is ${now[what]}: ${consequence}`];
    return [
      ...differ('partitions', 'events of one key would lie in two partitions and lose their order'),
      ...differ('key', 'another order than the one consumers count on'),
      ...differ('compacted', 'consumers that start anew would find other events'),
      ...(before.egress && !now.egress ? [`${name}: integrators may no longer subscribe`] : []),
      ...before.messageTypes
        .filter((type) => !now.messageTypes.includes(type))
        .map((type) => `${name}: no longer carries ${type}`),
      ...now.messageTypes
        .filter((type) => !before.messageTypes.includes(type))
        .map((type) => `${name}: carries ${type} as well, which its consumers have to know first`),
    ];
  });
  const unwritten = Object.keys(present).filter((name) => !Object.hasOwn(promised, name));
  return [
    ...problems,
    ...unwritten.map((name) => `${name}: is new; write it down with npm run contracts:check -- --accept`),
  ];
}
