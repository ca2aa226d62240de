/** Writes memory; a file of its own, so that it is loaded when something is to be written. */
export {default as Conf} from 'conf';
