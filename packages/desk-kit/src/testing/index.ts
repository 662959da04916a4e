export { checks, contract } from './contract.ts';
export { checked } from './fault-checks.ts';
export { type DeskUnderTest, type NoteSeen, processOf, type Settings, type Subject } from './subject.ts';
