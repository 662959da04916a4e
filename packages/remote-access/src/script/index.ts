export {
  attributesOf,
  type JumpMethod,
  readAction,
  type ScriptAction,
  type WrongParameter,
} from './actions.ts';
export { type ConsoleLink, makeConsoleLink } from './console-link.ts';
export { consoleAddress, desktopAddress, scriptExtension, writeScript } from './file.ts';
