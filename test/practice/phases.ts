/** A phase of making the practice root, and how `test/practice-vm` interrupts it for real, with Ctrl-C and with kill -9. */
export type Phase = {
	/** As it is announced. */
	readonly title: RegExp;
	/**
	 * The start that leads to it: `nothing` is there; a root's `base` is; the `metadata` lost a file; or no suite will do and a
	 * `small kernel` is built.
	 */
	readonly from: 'nothing' | 'base' | 'metadata' | 'small kernel';
	/** What is said in the midst of one that lasts. */
	readonly amid?: RegExp;
};

/** All of them, in their order. A phase without a row, or a row without its phase, fails in `prepare.test.ts`. */
export const phases: readonly Phase[] = [
	{title: /^removing what an earlier start left$/, from: 'nothing'},
	{title: /^making a small Debian \w+$/, from: 'nothing', amid: /^I: (?:Retrieving|Validating|Extracting|Unpacking)/m},
	{title: /^removing the root before$/, from: 'nothing'},
	{title: /^keeping it$/, from: 'nothing'},

	{title: /^reading the package lists$/, from: 'base'},
	{title: /^asking which kernel \w+ has$/, from: 'base'},
	{title: /^reading the configuration of \S+$/, from: 'base'},
	{title: /^looking for what was left half done$/, from: 'base'},
	{title: /^asking how much is to be fetched$/, from: 'base'},
	{title: /^installing \S+ and its compiler$/, from: 'base', amid: /^Unpacking (?:rust-src|bindgen)/m},
	{title: /^cleaning up$/, from: 'base'},

	{title: /^checking the compiler$/, from: 'metadata'},
	{title: /^unpacking the source of \S+$/, from: 'metadata'},
	{title: /^comparing the source with the kernel$/, from: 'metadata'},
	{title: /^taking over the configuration$/, from: 'metadata'},
	{title: /^compiling rust\/$/, from: 'metadata', amid: /RUSTC L rust\/core\.o/},
	{title: /^comparing the symbols$/, from: 'metadata'},
	{title: /^putting the headers together$/, from: 'metadata'},
	{title: /^cleaning up$/, from: 'metadata'},

	{title: /^asking which source there is$/, from: 'small kernel'},
	{title: /^installing the source of a kernel and its compiler$/, from: 'small kernel'},
	{title: /^unpacking the source$/, from: 'small kernel'},
	{title: /^choosing a tiny configuration$/, from: 'small kernel'},
	{title: /^adding what the guest needs, and Rust$/, from: 'small kernel'},
	{title: /^building a small kernel$/, from: 'small kernel'},
	{title: /^installing it$/, from: 'small kernel'}
];
