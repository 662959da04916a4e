import { unitOf } from './agent.ts';
import { hasSystemd, installUnit, type Started, systemdUnit, unitPath } from './systemd.ts';
import { windowsCommands } from './windows.ts';

/** Makes the service where that is wanted and possible; says what was done, or what makes one. */
export const startAtBoot = (started: Started, isWanted: boolean): readonly string[] => {
  const { agent, node, program, home } = started;
  const path = unitPath(agent);
  if (process.platform === 'win32')
    return ['\n  Run one of these in an elevated PowerShell:\n', windowsCommands(started)];
  const hidden = [node, program].find((path) => /^\/(root|home|run\/user)\//.test(path));
  if (isWanted && hasSystemd() && hidden === undefined) {
    installUnit(started);
    return [`\n  The service ${unitOf(agent)} runs (${path}). "gatehouse ${agent.word} status" says how it is.`];
  }
  return [
    ...(hidden === undefined
      ? []
      : [`\n  ${hidden} lies where a service must not look. Put the program and Node elsewhere for one.`]),
    `\n  Start it with: ${node} ${program} run --home ${home}`,
    `  As a service of systemd, this goes to ${path}:\n`,
    systemdUnit(started),
  ];
};
