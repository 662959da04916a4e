export { type Desk as SupportDesk, openDesk as openSupportDesk } from '../support/testing/desk.ts';
export { configureEcm, type EcmProgram } from './ecm-program.ts';
export { until } from './errands.ts';
export { keepThing, tellOfFile } from './kept-things.ts';
export { openPage, type PageSocket } from './page-socket.ts';
export { connectSecond, type SecondEcm } from './second-ecm.ts';
