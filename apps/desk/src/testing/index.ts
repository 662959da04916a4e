export { type TestDesk, testDesk } from './test-desk.ts';
