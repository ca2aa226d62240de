import type {Reader} from '../model/machine.ts';

/** `derived` of a reader that knows nothing from earlier runs. */
export const derivedFrom =
	(readBytes: Reader['readBytes']): Reader['derived'] =>
	async (path, _question, derive, limit) => {
		const bytes = await readBytes(path, limit);
		return bytes.status === 'found' ? {status: 'found', value: derive(bytes.value)} : bytes;
	};
