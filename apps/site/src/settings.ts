import { programSettings } from '@gatehouse/server';
import { z } from 'zod';

/** Everything that can be set about the site. */
export const Settings = z.object(programSettings('site'));
