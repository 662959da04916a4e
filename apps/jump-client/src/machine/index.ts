export { aboutMachine } from './about.ts';
export { listFolder, type Opened, openToRead, openToWrite } from './files.ts';
export { openTcp, wrongIn } from './hosts.ts';
export { openShell } from './shell.ts';
