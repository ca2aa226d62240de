/** The form that memory is written in. It grows by one with each change that an older version of this program would not keep. */
export const memorySchema = 4;

/** One step from a form to the next. Forms are never changed once released: what reads them is tested on files of each. */
export type Migration = {
	readonly from: number;
	readonly what: string;
	change(value: Record<string, unknown>): Record<string, unknown>;
};

export const migrations: readonly Migration[] = [
	{from: 1, what: 'the facts of the last green look are remembered from now on', change: value => value},
	{
		from: 2,
		what: 'reviewed recipes, how their builds went, packages to install and an expected reboot are remembered from now on',
		change: value => value
	},
	{from: 3, what: 'what spoke in the practice VM is remembered from now on', change: value => value}
];

/** Brings a file of any earlier form to the present one. Undefined for what has no form that ever was. */
export function migrate(value: Record<string, unknown>): Record<string, unknown> | undefined {
	const {schema} = value;
	if (typeof schema !== 'number' || !Number.isInteger(schema) || schema < 1 || schema > memorySchema) return undefined;
	return migrations.filter(one => one.from >= schema).reduce((before, {change}) => change(before), value);
}
