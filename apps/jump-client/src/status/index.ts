export { readState, stateLines, writeState } from './state-file.ts';
