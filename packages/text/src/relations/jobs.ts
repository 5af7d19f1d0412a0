/** Nouns of occupations: "I am a nurse" tells a job, "I am a vegetarian" does not. */

const JOBS = new Set(
  (
    "engineer developer programmer designer architect manager director teacher professor lecturer tutor nurse doctor physician surgeon dentist " +
    "pharmacist therapist psychologist psychiatrist vet veterinarian paramedic midwife carer caregiver paediatrician pediatrician cardiologist radiologist " +
    "resident consultant analyst accountant auditor bookkeeper lawyer attorney solicitor barrister paralegal judge notary clerk secretary assistant " +
    "receptionist administrator coordinator supervisor lead leader chief head officer executive president founder co-founder ceo cto cfo coo vp partner " +
    "chef cook baker butcher waiter waitress barista bartender bouncer host hostess sommelier chocolatier confectioner " +
    "driver pilot captain sailor courier rider dispatcher conductor mechanic electrician plumber carpenter joiner welder machinist operator technician " +
    "builder bricklayer roofer painter plasterer decorator tiler surveyor foreman labourer laborer farmer gardener florist beekeeper forester fisherman miner " +
    "journalist reporter editor writer author translator interpreter copywriter proofreader librarian archivist curator historian " +
    "photographer filmmaker producer actor actress musician singer cellist violinist pianist drummer concertmaster dancer choreographer illustrator animator artist sculptor " +
    "scientist researcher chemist physicist biologist geologist mathematician statistician economist postdoc student apprentice intern trainee " +
    "salesman saleswoman salesperson seller cashier buyer merchandiser marketer recruiter trader broker banker teller underwriter actuary realtor agent " +
    "policeman policewoman constable sergeant detective inspector firefighter soldier lieutenant major colonel guard warden chief " +
    "tester programmer sysadmin devops scrum owner planner strategist advisor adviser counsellor counselor coach trainer instructor " +
    "hairdresser barber stylist beautician tailor seamstress shoemaker jeweller watchmaker cleaner janitor caretaker housekeeper nanny babysitter " +
    "priest pastor rabbi imam monk nun minister diplomat ambassador politician mayor councillor postman postwoman porter steward stewardess attendant " +
    "freelancer contractor self-employed unemployed retired principal headteacher headmaster headmistress dean specialist associate representative " +
    "optician optometrist physiotherapist physio nutritionist dietitian anaesthetist handyman locksmith glazier logistician " +
    "ingeniero ingeniera desarrollador desarrolladora programador programadora disenador disenadora arquitecto arquitecta gerente director directora " +
    "profesor profesora maestro maestra enfermero enfermera medico medica cirujano cirujana dentista farmaceutico farmaceutica psicologo psicologa " +
    "abogado abogada contable contador contadora secretario secretaria administrativo administrativa recepcionista cocinero cocinera camarero camarera " +
    "conductor conductora piloto mecanico electricista fontanero carpintero albanil pintor pintora agricultor periodista escritor escritora traductor traductora " +
    "fotografo fotografa musico cantante actriz cientifico cientifica investigador investigadora vendedor vendedora cajero cajera policia bombero soldado " +
    "jefe jefa encargado encargada supervisor supervisora inspector inspectora tecnico tecnica consultor consultora analista peluquero peluquera " +
    "responsable coordinador coordinadora comercial dependiente dependienta repartidor repartidora camionero camionera taxista azafata matrona veterinario veterinaria " +
    "biologo biologa quimico quimica economista jueza notario notaria funcionario funcionaria sargento comandante editora guionista redactor redactora " +
    "ilustrador ilustradora monitor monitora entrenador entrenadora socio socia presidente presidenta alcalde alcaldesa subdirector subdirectora cuidador cuidadora " +
    "chair chairman chairwoman chairperson chairwoman oficial deckhand bosun skipper mate purser stocker packer picker loader roadie dj presenter anchor broadcaster comedian provost rector vicar curate deacon bishop " +
    "magistrate marshal sheriff deputy ranger gamekeeper zookeeper groom jockey blacksmith mason upholsterer potter printer rigger registrar " +
    "cmo cpo cio cro svp evp avp sre dba pm rep concierge valet usher bellhop dishwasher barback governess headhunter controller treasurer bursar estimator " +
    "assessor adjuster appraiser chaplain undertaker scientist docent curator superintendent vice-principal sous-chef watchman doorman deputy-head shepherd rancher " +
    "veteran referee lifeguard steward bailiff auctioneer importer exporter contractor freelancer trustee volunteer-coordinator " +
    "panadero panadera jubilado jubilada autonomo autonoma estudiante becario becaria auxiliar limpiador limpiadora"
  ).split(" "),
);

/** Endings that make occupations only. */
const TRADE =
  /(?:ologist|ographer|ician|keeper|worker|maker|smith|wright|monger|master|mistress|ologo|ologa|grafo|grafa)$/;
/** Endings that occupations share with others: "driver", "beginner". */
const DOER = /(?:[a-z]{3}(?:er|or|ist|eer|ero|era|dor|dora|ista))$/;
const NO_DOERS = new Set(
  (
    "widower bachelor lover beginner winner believer father mother brother sister daughter teenager newcomer follower runner swimmer smoker drinker gamer mister monster " +
    "stranger foreigner outsider insider loner dreamer thinker feminist optimist pessimist perfectionist minimalist tourist buddhist stickler sinner reader listener " +
    "other another older younger better bigger later summer winter never ever number order member owner customer subscriber user neighbour neighbor voter prisoner " +
    "survivor donor visitor leader sponsor debtor creditor sleeper riser eater hoarder quitter sucker loser atheist realist idealist introvert extrovert cyclist hiker " +
    "climber camper surfer skier commuter homeowner passenger traveller traveler helper starter supporter collector player mirror terror error fewer over under " +
    "soltero soltera primero tercero enero febrero dinero viajero pasajero extranjero heredero compañero compañera fumador fumadora madridista"
  ).split(" "),
);

export function isJob(word: string): boolean {
  return JOBS.has(word) || (word.endsWith("s") && JOBS.has(word.slice(0, -1))) || TRADE.test(word);
}

/** Whether a word may name an occupation by its ending: taken only with other evidence. */
export function mayBeJob(word: string): boolean {
  return DOER.test(word) && !NO_DOERS.has(word);
}
