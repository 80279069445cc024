export { directoryChanged, startAppointments, type RunningAppointments } from './start-appointments.ts';
