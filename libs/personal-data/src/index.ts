export { Personal, isPersonal } from './personal.ts';
