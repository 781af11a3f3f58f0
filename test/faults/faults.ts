import { dropConnection } from '../gitlab/faults';
import { changed } from './changed';
import type { Fault } from './fault';
import { refused } from './refused';
import { spoilt } from './spoilt';

/** Every fault there is a name for. */
export const faults: readonly Fault[] = [
  { name: 'nothing listens', react: dropConnection, closed: true },
  ...spoilt,
  ...refused,
  ...changed,
];
