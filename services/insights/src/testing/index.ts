export { eventsOf } from './events.ts';
export { GRACE_MS, startInsights, type RunningInsights } from './start-insights.ts';
export { campaignStory } from './stories.ts';
