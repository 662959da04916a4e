export { type DeskOptions, type DeskProgram, startDesk } from './start.ts';
