export { type Appliance, openAppliance } from './appliance.ts';
export { dialects } from './dialect.ts';
export { openSender, type Sender } from './sender.ts';
