export { openAppliance, openSender } from './appliance/index.ts';
export { connectBuiltin } from './connected-desk.ts';
export { type TestDesk, testDesk } from './test-desk.ts';
