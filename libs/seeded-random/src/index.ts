export { createRandom, shuffled } from './seeded-random.ts';
