import type {Failure} from '../model/failure.ts';
import type {Reader} from '../model/machine.ts';
import type {Trouble} from '../model/walk.ts';
import {roomFor} from '../survey/room.ts';
import {gigabytes} from '../text/gigabytes.ts';
import {quoteWord} from '../text/quote.ts';

/** What a disk that is full, or was until the program took its half-written files away, is known by. */
const fromFullDisk: readonly string[] = ['any.enospc', 'disk.full', 'disk.unwritten', 'disk.bus'];

/**
 * Where a full disk made it fail: the first remedy names the folders that the program wrote to and what is free there now. Other
 * troubles come back as they are.
 */
export async function withRoom(trouble: Trouble, reader: Reader, folders: readonly string[]): Promise<Trouble> {
	const {cause} = trouble;
	if (cause === undefined || !fromFullDisk.includes(cause.id)) return trouble;
	const places = [...new Set(folders)];
	const free = await Promise.all(places.map(folder => roomFor(reader, folder)));
	const known = places.flatMap((folder, index) => {
		const bytes = free[index];
		return bytes === undefined ? [] : [{folder, bytes}];
	});
	if (known.length === 0) return trouble;
	const told: Failure = {
		...cause,
		remedies: [
			{
				label: `Free some space: ${known.map(({folder, bytes}) => `${folder} has ${room(bytes)} left`).join(', ')}`,
				command: `df -h ${known.map(({folder}) => quoteWord(folder)).join(' ')}`
			},
			...cause.remedies.filter(({command}) => !command?.startsWith('df '))
		]
	};
	return {...trouble, cause: told, failures: trouble.failures.map(failure => (failure === cause ? told : failure))};
}

const room = (bytes: number): string => (bytes < 1e6 ? 'less than 1 MB' : gigabytes(bytes));
