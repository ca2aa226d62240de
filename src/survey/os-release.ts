export type Distribution = {readonly id: string; readonly like: readonly string[]; readonly name: string};

/** Reads /etc/os-release (os-release(5)); undefined where it names no distribution. */
export function parseOsRelease(text: string): Distribution | undefined {
	const value = (key: string): string | undefined => new RegExp(`^${key}=["']?([^"'\\n]*)`, 'm').exec(text)?.[1];
	const id = value('ID');
	if (id === undefined) return undefined;
	return {
		id,
		like: (value('ID_LIKE') ?? '').split(/\s+/).filter(word => word !== ''),
		name: value('PRETTY_NAME') ?? value('NAME') ?? id
	};
}
