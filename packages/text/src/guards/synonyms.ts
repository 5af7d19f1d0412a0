/** Everyday synonyms and abbreviations, English and Spanish: a line holds words that may stand for its first. */

export const SYNONYMS: string = `
appointment appt
doctor dr
doctora dra
meeting mtg
department dept
approximately approx about around roughly circa
please pls plz
estimated est
arrival eta
because cos cuz coz bc
tomorrow tmrw
birthday bday
government govt
information info
photo pic picture photograph
fridge refrigerator
phone telephone
mum mom mummy mommy
dad daddy
kids children
movie film
buy purchase
bought purchased
fix repair mend
fixed repaired mended
fixing repairing mending
usually normally generally
big large
small little
sick ill unwell
happy glad
sad unhappy
shop store
flat apartment apt
bedroom bdrm
bedrooms bdrms
additional addl
holiday vacation
used secondhand
lorry truck
trash rubbish garbage
sofa couch
autumn fall
begin start
begins starts
began started
beginning starting
finish end
finished ended
quickly fast
nearly almost
maybe perhaps
often frequently
rarely seldom
help assist
need require
needs requires
get obtain
got obtained received
tell inform
told informed
ask enquire inquire
job occupation
physician doctor
attorney lawyer
cellphone mobile cell
bike bicycle
tv television
exam test
laptop notebook
gift present
terrible awful horrible
great excellent fantastic wonderful
clever smart
hard difficult
easy simple
whole entire
correct right
wrong incorrect
error mistake
street st
road rd
avenue ave
price cost
cab taxi
elevator lift
petrol gas gasoline
soccer football
pharmacy chemist
annoyed irritated
scared afraid frightened
tired exhausted
everyone everybody
someone somebody
nobody noone
anyone anybody
called named
child kid
parents folks
grandma grandmother granny
grandpa grandfather
since ever
prefer favour
garden yard
pants trousers
queue line
mail post
vet veterinarian
neighbor neighbour
repo repository
config configuration
db database
prod production
env environment
app application
admin administrator
doc document
docs documentation
dev development
pt patient
hr hour
airplane aeroplane plane
carro coche auto
ordenador computadora computador
movil celular
piso departamento apartamento depto dpto
avenida av avda
aproximadamente aprox
compania empresa
boletos billetes entradas
boleto billete entrada
bonito lindo
enfadado enojado
empezar comenzar
empieza comienza
terminar acabar
medico doctor
alquilar rentar arrendar
dinero plata
jugo zumo
papa patata
gafas lentes anteojos
conducir manejar
conduce maneja
arrancar encenderse
chico muchacho
nino crio
cole colegio
peli pelicula
profe profesor
tele television
boli boligrafo
finde weekend
`;
