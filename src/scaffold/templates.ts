import type {ModuleApi} from '../kernel/api-generation.ts';

export type TemplateId = 'hello' | 'numbers' | 'parameters' | 'misc-device';

/** The traits of a kernel's module API that the templates depend on. */
export type TemplateApi = Pick<ModuleApi, 'strings' | 'authorKey' | 'vector' | 'parameters' | 'miscDevice'>;

export type Availability = {readonly ok: true} | {readonly ok: false; readonly why: string};

export type Template = {
	readonly id: TemplateId;
	readonly title: string;
	/** One sentence: what its reader learns. */
	readonly teaches: string;
	/** Whether a kernel with this API can carry it; if not, the sentence that says since when kernels can. */
	available(api: TemplateApi): Availability;
};

const always = (): Availability => ({ok: true});

/** What a new module can begin as, the simplest first. */
export const templates: readonly Template[] = [
	{
		id: 'hello',
		title: 'Hello',
		teaches: 'The smallest whole module: a line when it is loaded, a line when it is unloaded.',
		available: always
	},
	{
		id: 'numbers',
		title: 'Numbers in a vector',
		teaches: 'A module that keeps memory of its own, asks the kernel for it, and gives it back when it is unloaded.',
		available: always
	},
	{
		id: 'parameters',
		title: 'A parameter',
		teaches: 'A module that is told something when it is loaded, and does not trust it.',
		available: api =>
			api.parameters === 'none'
				? {ok: false, why: 'Modules written in Rust can have parameters from Linux 6.19 on; this kernel is older.'}
				: {ok: true}
	},
	{
		id: 'misc-device',
		title: 'A device',
		teaches: 'A module that programs talk to through a file in /dev, and a small program that does.',
		available: api =>
			api.miscDevice === 'none'
				? {ok: false, why: 'Modules written in Rust can have a device from Linux 6.14 on; this kernel is older.'}
				: {ok: true}
	}
];
