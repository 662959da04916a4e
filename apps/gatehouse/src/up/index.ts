export { up, upCommand } from './up.ts';
