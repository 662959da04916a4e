/** Of an RDP item: it may have a port behind its name. */
export const splitHostname = (hostname: string): { readonly host: string; readonly port: number | null } => {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(hostname) ?? [];
  return { host: bracketed ?? plain ?? hostname, port: port === undefined ? null : Number(port) };
};
