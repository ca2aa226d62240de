import type {Reader} from '../model/machine.ts';

/**
 * Who keeps a module from being unloaded, as `Module NAME is in use by: …` would go on: modules that depend on it, programs that
 * hold its device open (an ordinary user sees their own alone), else how many references are held. Undefined where nothing is known.
 */
export async function usersOf(reader: Reader, name: string): Promise<string | undefined> {
	const [holders, programs, count] = await Promise.all([
		reader.list(`/sys/module/${name}/holders`),
		programsWithDevice(reader, name),
		reader.readText(`/sys/module/${name}/refcnt`, 64)
	]);
	const users = [...(holders.status === 'found' ? holders.value : []), ...programs];
	if (users.length > 0) return users.join(', ');
	const references = count.status === 'found' ? Number.parseInt(count.value, 10) : 0;
	if (!(references > 0)) return undefined;
	return `${references === 1 ? 'one reference' : `${references} references`} that no other module holds: an open file, or its own code`;
}

/** Programs with /dev/NAME open. A device is often called as its module, `-` for `_`. */
async function programsWithDevice(reader: Reader, name: string): Promise<readonly string[]> {
	const folders = await reader.list('/proc');
	const processes = folders.status === 'found' ? folders.value.filter(one => /^\d+$/.test(one)) : [];
	const found = await Promise.all(
		processes.map(async id => {
			const files = await reader.list(`/proc/${id}/fd`);
			if (files.status !== 'found') return undefined;
			const open = await Promise.all(files.value.map(file => reader.realPath(`/proc/${id}/fd/${file}`)));
			const device = open.find(one => one.status === 'found' && isDeviceOf(one.value, name));
			if (device?.status !== 'found') return undefined;
			const program = await reader.readText(`/proc/${id}/comm`, 64);
			const called = program.status === 'found' ? `${program.value.trim()} (process ${id})` : `process ${id}`;
			return `${called}, which has ${device.value} open`;
		})
	);
	return found.filter(one => one !== undefined);
}

const isDeviceOf = (path: string, name: string): boolean =>
	path.startsWith('/dev/') && path.slice('/dev/'.length).replaceAll('-', '_') === name;
