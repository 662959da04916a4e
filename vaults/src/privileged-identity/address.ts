import { apiBase } from '@gatehouse/vault-kit';

// Another server may stand in front, with a path of its own before the folder.
const service = { folder: /^.*\/ERPMWebService(?=\/|$)/i, standard: '/ERPMWebService' };

/**
 * Where the operations begin, read from any address of the web services that guides and colleagues hand around: the host
 * alone, the folder, or one of its four faces. Null for what is no address.
 */
export const toBase = (text: string): string | null => {
  const folder = apiBase(text, service);
  return folder === null ? null : `${folder}/json/V2/AuthService.svc`;
};
