/** What a report must not tell: names of this machine and its user. */
export type Private = {readonly user: string; readonly home: string; readonly host: string};

const address4 = /(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.]*\d)/g;
/** What may be an IPv6 address (RFC 4291, 2.2), a time of day, or a path in Rust. */
const colons = /(?<![\w:.])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?![\w:])/gi;
const hardware = /(?<![\w:-])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![\w:-])/gi;
const mail = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;
/** Machine ids, file systems' and partitions' ids: an UUID, or 32 digits in a row. */
const identifier = /(?<![\w-])(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32})(?![\w-])/gi;
/** After its name and something between: `serial8250` is a driver. */
const serial = /\b((?:serial(?:[ _-]?(?:number|no))?|S\/N|SN)["']?(?:\s*[:=#]\s*|\s+)["']?)(?=[\w-]*\d)[\w-]{4,}/gi;

/**
 * A text without the user's name and home, the host's name, network and hardware addresses, mail addresses, ids and serial
 * numbers. Short names (`a`, `pi`) are replaced where they stand as a word of their own in a path alone, because they are words
 * or parts of words elsewhere.
 */
export function redact(text: string, own: Private): string {
	const word = (name: string, flags = 'g'): RegExp => new RegExp(`(?<![\\w.-])${escaped(name)}(?![\\w-])`, flags);
	let result = text.replace(mail, 'MAIL');
	if (own.home.length > 1) result = result.replace(new RegExp(`${escaped(own.home)}(?![\\w-])`, 'g'), '~');
	result = result.replaceAll(`/home/${own.user}/`, '~/').replaceAll(`/${own.user}/`, '/USER/');
	if (own.user.length > 2 && own.user !== 'root') result = result.replace(word(own.user), 'USER');
	const [shortHost = ''] = own.host.split('.');
	for (const name of [own.host, shortHost])
		if (name.length > 2 && name !== 'localhost') result = result.replace(word(name, 'gi'), 'HOST');
	return result
		.replace(hardware, 'HARDWARE-ADDRESS')
		.replace(colons, one => (isAddress6(one) ? 'ADDRESS' : one))
		.replace(identifier, 'ID')
		.replace(serial, '$1SERIAL')
		.replace(address4, 'ADDRESS');
}

function isAddress6(text: string): boolean {
	const groups = text.split(':').filter(group => group !== '');
	// names in Rust are told apart by two colons each
	return text.includes('::') ? groups.length >= 2 && /\d|[^:]:[^:]/.test(text) : groups.length === 8;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
