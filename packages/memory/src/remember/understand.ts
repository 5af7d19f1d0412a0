/** What a text says beyond its words: whom and what it names, what it states of them, and when that was. */

import { type EntityType, type MentionedEntity, partitionOf } from "@nexus/core";
import { classifyDomain, isStatement } from "@nexus/router";
import { contentQuality, findDates, findEntities, findRelations, nameKey, SINGLE_VALUED, words } from "@nexus/text";
import type { NewMemory } from "../requests.ts";
import { entityId, type KnownIds } from "./name-id.ts";

export interface Understood {
  readonly entities: readonly MentionedEntity[];
  readonly relations: readonly StatedRelation[];
  /** Subjects and single-valued types that it speaks of at all, also in the past or to deny it: facts of these may end with it. */
  readonly probes: readonly { readonly subjectId: string; readonly type: string }[];
  /** When what it tells of took place, half-open. */
  readonly occurred?: { readonly from: Date; readonly to: Date } | undefined;
  readonly domain: string;
  /** 0…1, from the text alone. */
  readonly contentQuality: number;
}

/** A relation between two of the memory's entities. */
interface StatedRelation {
  readonly type: string;
  readonly subjectId: string;
  readonly objectId: string;
  readonly subjectName: string;
  readonly objectName: string;
  readonly confidence: number;
}

export interface Told extends Pick<NewMemory, "content" | "speaker" | "userId" | "metadata"> {
  readonly createdAt: Date;
}

/** UTF-16 units that are read for entities and dates: an hour's transcript takes milliseconds, not seconds. */
const READ = 16_384;
/** UTF-16 units that say what a text is about. */
const TOPIC = 2_048;
/** A name less sure than this is no node of the graph. */
const MIN_CONFIDENCE = 0.4;
const MAX_ENTITIES = 64;
const MAX_TAGS = 16;
/** What "I" is called when nobody says who speaks. */
const ANONYMOUS = "user";

/** Cost: some 200 µs for a turn of 25 words on a busy core. Texts beyond 16,384 units are understood by their beginning. */
export function understand(
  { content, speaker, userId, metadata, createdAt }: Told,
  { language, tokenCount, known }: { language: string; tokenCount: number; known?: KnownIds },
): Understood {
  const text = content.slice(0, READ);
  const dates = findDates(text, createdAt, { language });
  const mentions = findEntities(text, { language, dates, ...(speaker !== undefined && { speakers: [speaker] }) });
  const partition = partitionOf(userId);
  const entities = new EntityList(partition, known);
  for (const { start, end, name, type, confidence } of mentions) {
    if (type === "date" || type === "number" || confidence < MIN_CONFIDENCE) continue;
    entities.add(name, type, confidence, [start, end]);
  }
  for (const tag of tagsOf(metadata)) entities.add(tag, "tag", 1);
  const stated = findRelations(text, { language, ...(speaker !== undefined && { speaker }) });
  const subjectName = (subject: string): string => (subject === "" ? (speaker ?? ANONYMOUS) : subject);
  const relations = stated
    .filter(({ affirmative, tense }) => affirmative && tense !== "future")
    .map(({ type, qualifier, subject, object, confidence }): StatedRelation => {
      const from = entities.add(subjectName(subject), "person", confidence);
      const to = entities.add(object, entities.typeOf(object) ?? OBJECTS[type] ?? "concept", confidence);
      return {
        type: qualified(type, qualifier),
        subjectId: from.id,
        objectId: to.id,
        subjectName: from.name,
        objectName: to.name,
        confidence,
      };
    });
  const [first] = dates;
  return {
    entities: entities.list(),
    relations,
    probes: stated
      .filter(({ type }) => SINGLE_VALUED.has(type))
      .map(({ type, qualifier, subject }) => ({
        subjectId: entityId(partition, "person", subjectName(subject), known),
        type: qualified(type, qualifier),
      })),
    domain: classifyDomain(words(text.slice(0, TOPIC)).map((word) => word.text.toLowerCase())).domain,
    occurred: first && { from: first.from, to: first.to },
    contentQuality: contentQuality(text, {
      tokenCount,
      hasNamesOrNumbers: mentions.length > 0 || first !== undefined,
      isStatement: isStatement(text),
    }),
  };
}

/** A work number and a private one are two relations. */
function qualified(type: string, qualifier: string): string {
  return qualifier === "" ? type : `${type}.${qualifier}`;
}

/** What a relation is to, when its name has not been met as an entity. */
const OBJECTS: Readonly<Record<string, EntityType>> = {
  home: "location",
  visited: "location",
  from: "location",
  employer: "organization",
  memberOf: "organization",
  partner: "person",
  knows: "person",
  parentOf: "person",
  childOf: "person",
  siblingOf: "person",
};

/** Distinct entities, in the order in which the text names them. */
class EntityList {
  readonly #partition: string;
  readonly #known: KnownIds | undefined;
  readonly #byId = new Map<string, MentionedEntity & { readonly positions: (readonly [number, number])[] }>();
  readonly #types = new Map<string, EntityType>();

  constructor(partition: string, known: KnownIds | undefined) {
    this.#partition = partition;
    this.#known = known;
  }

  add(name: string, type: EntityType, confidence: number, position?: readonly [number, number]): MentionedEntity {
    const id = entityId(this.#partition, type, name, this.#known);
    const known = this.#byId.get(id);
    const entity = known ?? { id, name, type, confidence, positions: [] };
    if (position) entity.positions.push(position);
    if (!known && this.#byId.size < MAX_ENTITIES) this.#byId.set(id, entity);
    if (!known) this.#types.set(nameKey(name), type);
    return entity;
  }

  typeOf(name: string): EntityType | undefined {
    return this.#types.get(nameKey(name));
  }

  list(): MentionedEntity[] {
    return [...this.#byId.values()];
  }
}

/** `metadata.tags`, where it is a list of short texts. */
function tagsOf(metadata: NewMemory["metadata"] | undefined): string[] {
  const tags = metadata?.["tags"];
  if (!Array.isArray(tags)) return [];
  const texts = tags.filter((tag): tag is string => typeof tag === "string" && tag.trim() !== "" && tag.length <= 64);
  return texts.slice(0, MAX_TAGS);
}
