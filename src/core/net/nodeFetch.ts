// A file of its own, so that a start does not load the whole of it.
export { default as fetch } from 'node-fetch';
