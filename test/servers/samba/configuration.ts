import { join } from 'node:path';
import { controller, dnsDomain, netbiosDomain, realm } from './seed/names.ts';

/** The configuration of a copy of the domain that lives in `folder` and listens on `address` only. */
export const sambaConfiguration = (folder: string, address: string): string => {
  const auditLog = auditLogOf(folder);
  const audited = ['auth_json_audit', 'dsdb_json_audit', 'dsdb_password_json_audit', 'dsdb_group_json_audit'];
  return `[global]
  netbios name = ${controller.split('.')[0]?.toUpperCase()}
  realm = ${realm}
  workgroup = ${netbiosDomain}
  server role = active directory domain controller
  server services = s3fs, rpc, ldap, cldap, kdc, winbindd
  interfaces = ${address}/8
  bind interfaces only = yes
  private dir = ${join(folder, 'private')}
  state directory = ${join(folder, 'state')}
  cache directory = ${join(folder, 'cache')}
  lock directory = ${folder}
  pid directory = ${join(folder, 'run')}
  binddns dir = ${join(folder, 'bind-dns')}
  log file = ${join(folder, 'log', 'samba.log')}
  max log size = 0
  log level = 0 ${audited.map((name) => `${name}:5@${auditLog}`).join(' ')}
  tls enabled = yes
  tls cafile = ${join(folder, 'tls', 'ca.pem')}
  tls certfile = ${join(folder, 'tls', 'server.pem')}
  tls keyfile = ${join(folder, 'tls', 'server.key')}
  dns update command = /bin/true
  spn update command = /bin/true
  idmap_ldb:use rfc2307 = yes
  load printers = no
  disable spoolss = yes

[sysvol]
  path = ${sysvolOf(folder)}
  read only = no

[netlogon]
  path = ${join(sysvolOf(folder), dnsDomain, 'scripts')}
  read only = no
`;
};

export const auditLogOf = (folder: string): string => join(folder, 'log', 'audit.json');
export const sysvolOf = (folder: string): string => join(folder, 'state', 'sysvol');

/** For clients and for the controller itself: the only realm is ours, and nothing is asked of DNS. */
export const kerberosConfiguration = (address: string): string => `[libdefaults]
  default_realm = ${realm}
  dns_lookup_realm = false
  dns_lookup_kdc = false
  rdns = false

[realms]
  ${realm} = {
    kdc = ${address}:88
    kpasswd_server = ${address}:464
  }

[domain_realm]
  .${dnsDomain} = ${realm}
  ${dnsDomain} = ${realm}
`;
