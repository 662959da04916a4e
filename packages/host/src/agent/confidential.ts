/** True for an address that secrets may be sent to: HTTPS, or plain HTTP on this very machine, without a password in it. */
export const isConfidential = (text: string): boolean => {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '') return false;
  return (
    url.protocol === 'https:' ||
    (url.protocol === 'http:' && /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname))
  );
};
