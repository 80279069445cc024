/** What each sealed value is bound to: a ciphertext moved to another column or event cannot be opened there. */
export const sealContexts = {
  patientName: 'appointments.patient_name',
  patientPhone: 'appointments.patient_phone',
  eventPatientName: 'appointments.changed/patient_name',
  eventPatientPhone: 'appointments.changed/patient_phone',
} as const;
