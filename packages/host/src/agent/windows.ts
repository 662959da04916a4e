import type { Started } from './systemd.ts';

/**
 * The commands that make a Windows service, in an elevated PowerShell. Node does not speak the protocol of the Service
 * Control Manager, which would end it after thirty seconds; a small host in between does (WinSW, shawl, NSSM: each
 * starts a program for a service). The task is the way without anything more.
 */
export const windowsCommands = ({ agent, node, program, home }: Started): string => {
  const { name, title } = agent;
  const service = `Gatehouse${title}`;
  const inner = `"${node}" "${program}" run --home "${home}"`;
  return [
    '# A: as a service. shawl.exe (or another service host) stands between the Service Control Manager and Node.',
    `New-Service -Name ${service} -DisplayName "Gatehouse ${name}" -StartupType Automatic -BinaryPathName ${single(`"C:\\Program Files\\shawl\\shawl.exe" run --name ${service} --stop-timeout 10000 -- ${inner}`)}`,
    `sc.exe failure ${service} reset= 86400 actions= restart/5000/restart/5000/restart/60000`,
    `sc.exe sidtype ${service} unrestricted`,
    `icacls.exe ${single(home)} /inheritance:r /grant "NT SERVICE\\${service}:(OI)(CI)M" "BUILTIN\\Administrators:(OI)(CI)F" "SYSTEM:(OI)(CI)F"`,
    `Start-Service ${service}`,
    '',
    '# A group managed service account instead of the local system (its password is nobody’s to know); needs RSAT:',
    'Install-ADServiceAccount gatehouse$',
    `sc.exe config ${service} obj= "CORP\\gatehouse$" password= ""`,
    `icacls.exe ${single(home)} /grant "CORP\\gatehouse$:(OI)(CI)M"`,
    '',
    '# B: without a service host, as a task that starts with Windows.',
    `$action = New-ScheduledTaskAction -Execute ${single(node)} -Argument ${single(`"${program}" run --home "${home}"`)}`,
    '$settings = New-ScheduledTaskSettingsSet -RestartCount 999 -RestartInterval (New-TimeSpan -Minutes 1) -ExecutionTimeLimit ([TimeSpan]::Zero)',
    '$account = New-ScheduledTaskPrincipal -UserId "CORP\\gatehouse$" -LogonType Password',
    `Register-ScheduledTask -TaskName ${service} -Action $action -Trigger (New-ScheduledTaskTrigger -AtStartup) -Settings $settings -Principal $account`,
    `Start-ScheduledTask -TaskName ${service}`,
  ].join('\n');
};

const single = (text: string): string => `'${text.replaceAll("'", "''")}'`;
