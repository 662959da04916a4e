export { readState, statusLines, writeState } from './state-file.ts';
