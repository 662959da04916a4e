/**
 * Of the vendor's service no description is public. Known is that its .NET proxy is called `RouletteWebService`. The rest
 * is inferred: a service that names no namespace of its own has `http://tempuri.org/`, and data contracts have one that
 * ends in that of their classes. So requests are read by local names, whatever their namespace is.
 */
export const service = 'http://tempuri.org/';
export const contracts = 'http://schemas.datacontract.org/2004/07/RouletteWebService';
/** Inferred from `AuthService.svc`, as with the names of types. */
export const portType = 'IAuthService';
export const actionBase = `${service}${portType}/`;

export const instance = 'http://www.w3.org/2001/XMLSchema-instance';
/** Lists of texts and numbers, as data contracts write them. */
export const arrays = 'http://schemas.microsoft.com/2003/10/Serialization/Arrays';

export const envelopes = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
} as const;
export type SoapVersion = keyof typeof envelopes;
