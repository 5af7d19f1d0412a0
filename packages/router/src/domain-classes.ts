/** The classes of the domain classifier, in the order of its weights. */

export const DOMAIN_CLASSES = ["general", "technical", "medical", "legal", "financial"] as const;

/** What a text is about. */
export type DomainClass = (typeof DOMAIN_CLASSES)[number];
