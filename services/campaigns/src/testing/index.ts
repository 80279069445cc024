export {
  driver,
  csvOf,
  numberOf,
  settings,
  uploadOf,
  hospital,
  otherHospital,
  type Person,
} from './campaign-driver.ts';
export * from './event-builders.ts';
export { startFakeFlows, startFakePatients, startFakeTelephony } from './fake-neighbours.ts';
export { mondayNoon, startCampaigns, type RunningCampaigns } from './start-campaigns.ts';
