/** What was done, as a person says it. */
const actions: Record<string, string> = {
  'sign-in': 'Signed in',
  'live.follow': 'Followed calls live',
  'calls.list': 'Listed calls',
  'calls.read': 'Opened a call',
  'transcripts.read': 'Read a transcript',
  'escalations.list': 'Listed escalations',
  'escalations.read': 'Opened an escalation',
  'escalations.accept': 'Took a call over',
  'escalations.decline': 'Declined a call',
  'call-backs.list': 'Listed call-backs',
  'call-backs.done': 'Ticked off a call-back',
  'appointments.list': 'Looked at the calendar',
  'appointments.read': 'Opened an appointment',
  'appointments.book': 'Booked an appointment',
  'appointments.move': 'Moved an appointment',
  'appointments.cancel': 'Cancelled an appointment',
  'appointments.confirm': 'Confirmed an appointment',
  'messages.list': 'Read messages',
  'campaigns.create': 'Made a campaign',
  'campaigns.update': 'Changed a campaign',
  'campaigns.start': 'Started a campaign',
  'campaigns.pause': 'Paused a campaign',
  'campaigns.resume': 'Resumed a campaign',
  'campaigns.cancel': 'Cancelled a campaign',
  'campaigns.import': 'Uploaded people',
  'campaigns.refused-rows': 'Looked at refused rows',
  'campaigns.dry-run': 'Looked at a plan of calls',
  'campaigns.recipients': 'Looked at people of a campaign',
  'campaigns.export': 'Exported results',
  'dialling.set': 'Stopped or allowed dialling',
  'do-not-call.list': 'Looked at the do-not-call list',
  'do-not-call.add': 'Added to the do-not-call list',
  'do-not-call.remove': 'Took off the do-not-call list',
  'patients.list': 'Listed patients',
  'patients.read': 'Opened a patient',
  'patients.consent': 'Recorded a consent',
  'flows.save': 'Saved a script',
  'insights.rebuild': 'Had figures counted again',
  'settings.clinic': 'Changed a clinic',
  'staff.list': 'Looked at users',
  'staff.add': 'Made a user',
  'staff.save': 'Changed a user',
  'audit.read': 'Read the audit',
  'webhook.createWebhook': 'Made a webhook',
  'webhook.changeWebhook': 'Changed a webhook',
  'webhook.deleteWebhook': 'Removed a webhook',
  'webhook.rotateWebhookSecret': 'Had a new secret made for a webhook',
  'webhook.pauseWebhook': 'Paused a webhook',
  'webhook.resumeWebhook': 'Resumed a webhook',
  'webhook.testWebhook': 'Tested a webhook',
  'webhook.skipWebhookEvent': 'Left an event of a webhook out',
  'webhook.replayWebhook': 'Had events sent to a webhook again',
  'stream-access.openStreamAccess': 'Gave access to the event stream',
  'stream-access.rotateStreamAccess': 'Had a new token made for the event stream',
  'stream-access.revokeStreamAccess': 'Took access to the event stream away',
  'kafka-access.openKafkaAccess': 'Gave access to the Kafka topic',
  'kafka-access.rotateKafkaAccess': 'Had a new password made for the Kafka topic',
  'kafka-access.revokeKafkaAccess': 'Took access to the Kafka topic away',
  'dead-letter.replayDeadLetter': 'Had a failed event handled again',
  'dead-letter.discardDeadLetter': 'Left a failed event out',
};
export const knownActions = Object.keys(actions);

/** One that is not here is the name of a request that was refused, "startCampaign": its words, then. */
export const actionInWords = (action: string): string => actions[action] ?? nameInWords(action);

function nameInWords(name: string): string {
  const words = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replaceAll(/[.-]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export const shortId = (id: string) => (/^[0-9a-f-]{36}$/.test(id) ? `…${id.slice(-8)}` : id);

/** "import: 12, refused: 3": numbers, words and yes or no; nothing else is in them. */
export const detailsInWords = (details: Readonly<Record<string, unknown>>) =>
  Object.entries(details)
    .map(
      ([name, value]) =>
        `${name}: ${value === true ? 'yes' : value === false ? 'no' : shortId(String(value))}`,
    )
    .join(', ');
