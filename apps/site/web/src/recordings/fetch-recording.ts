import { Problem } from '@gatehouse/ui';

/** @throws Problem with words for whoever wanted to see it */
export const fetchRecording = async (address: string): Promise<Response> => {
  const response = await fetch(address, { credentials: 'same-origin' });
  if (response.ok) return response;
  throw new Problem(response.status, 'The recording cannot be read', 'Load this page again, or tell an administrator.');
};
