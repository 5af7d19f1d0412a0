/** English words whose forms no stemmer brings together: irregular verbs and plurals, and British spellings. */

/** Each line of forms begins with the one that the others become. Forms that are better known as another word (rose, wound, bore) are left out. */
const IRREGULAR =
  "arise arose arisen,awake awoke awoken,beat beaten,become became,begin began begun,bend bent,bind bound,bite bit bitten," +
  "bleed bled,blow blew blown,break broke broken,breed bred,bring brought,build built,burn burnt,buy bought,catch caught," +
  "choose chose chosen,cling clung,come came,creep crept,deal dealt,dig dug,dive dove,draw drew drawn,dream dreamt," +
  "drink drank drunk,drive drove driven,dwell dwelt,eat ate eaten,fall fell fallen,feed fed,feel felt,fight fought," +
  "find found,flee fled,fling flung,fly flew flown,forbid forbade forbidden,foresee foresaw foreseen,forget forgot forgotten," +
  "forgive forgave forgiven,freeze froze frozen,get got gotten,give gave given,go went gone,grow grew grown,hang hung," +
  "hear heard,hide hid hidden,hold held,keep kept,kneel knelt,know knew known,lay laid,lead led,lean leant,leap leapt," +
  "learn learnt,leave left,lend lent,light lit,lose lost,make made,mean meant,meet met,mislead misled,mistake mistook mistaken," +
  "misunderstand misunderstood,outgrow outgrew outgrown,overcome overcame,overhear overheard,oversee oversaw overseen," +
  "oversleep overslept,overtake overtook overtaken,pay paid,prove proven,rebuild rebuilt,redo redid redone,repay repaid," +
  "rethink rethought,rewrite rewrote rewritten,ride rode ridden,ring rang rung,rise risen,run ran,say said,see saw seen," +
  "seek sought,sell sold,send sent,sew sewn,shake shook shaken,shine shone,shoot shot,show shown,shrink shrank shrunk," +
  "sing sang sung,sink sank sunk,sit sat,sleep slept,slide slid,smell smelt,sow sown,speak spoke spoken,speed sped," +
  "spell spelt,spend spent,spill spilt,spin spun,spit spat,spoil spoilt,spring sprang sprung,stand stood," +
  "steal stole stolen,stick stuck,sting stung,stink stank stunk,stride strode,strike struck,strive strove striven," +
  "swear swore sworn,sweep swept,swell swollen,swim swam swum,swing swung,take took taken,teach taught,tear tore torn," +
  "tell told,think thought,throw threw thrown,undergo underwent undergone,understand understood,undertake undertook undertaken," +
  "undo undid undone,uphold upheld,wake woke woken,wear wore worn,weave wove woven,weep wept,win won,withdraw withdrew withdrawn," +
  "withstand withstood,write wrote written," +
  "child children,foot feet,goose geese,half halves,knife knives,loaf loaves,man men,mouse mice,person people,shelf shelves," +
  "thief thieves,tooth teeth,wife wives,wolf wolves,woman women," +
  "center centre centres,color colour colours coloured colouring colourful,favor favour favours,favorite favourite favourites," +
  "flavor flavour flavours,gray grey,harbor harbour,honor honour honoured,humor humour,jewelry jewellery,labor labour," +
  "mom mum mam,mommy mummy,neighbor neighbour neighbours neighbouring,neighborhood neighbourhood,pajamas pyjamas," +
  "program programme programmes,rumor rumour rumours,theater theatre theatres,tire tyre tyres,vapor vapour";

let forms: Map<string, string> | undefined;

/** The form that a stemmer shall see in place of a lower-case English word: "bought" → "buy", "organised" → "organized"; most words themselves. */
export function baseForm(word: string): string {
  forms ??= new Map(
    IRREGULAR.split(",").flatMap((line) => {
      const [base = "", ...others] = line.split(" ");
      return others.map((other) => [other, base] as const);
    }),
  );
  return forms.get(word) ?? word.replace(ISE, "iz$1");
}

/** Both spellings of -ise meet in -ize, and so does what is only written with an s ("promise"), alike in texts and queries. */
const ISE = /(?<=\p{L}{3})is(e|es|ed|ing|er|ers|ation|ations)$/u;
