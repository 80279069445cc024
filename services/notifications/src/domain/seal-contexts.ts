/** What each sealed value is bound to: a ciphertext moved to another column or event cannot be opened there. */
export const sealContexts = {
  to: 'messages.to',
  text: 'messages.text',
  eventPatientPhone: 'appointments.changed/patient_phone',
  eventTo: 'sms.send/to',
  eventText: 'sms.send/text',
} as const;
