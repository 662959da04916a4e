export { startSampleCollector } from './collector.ts';
export { connectSample } from './connections.ts';
export { wireDesk } from './desk.ts';
export { ecmFolder, isConnected, wireEcm } from './ecm.ts';
export { wirePerson } from './person.ts';
export { wireSite } from './site.ts';
export { wireVault } from './vault.ts';
