/** Common English and Indian given names and surnames that the pronunciation dictionary knows; of those that sound alike, one. */
export const FIRST_NAMES = (
  'james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony mark donald ' +
  'steven paul andrew joshua kenneth kevin brian george edward ronald timothy jason jeffrey ryan jacob gary nicholas eric ' +
  'jonathan stephen larry justin scott brandon benjamin samuel frank gregory raymond alexander patrick jack dennis jerry ' +
  'tyler aaron jose adam henry nathan douglas peter zachary kyle walter ethan jeremy harold keith christian roger noah ' +
  'gerald carl terry sean austin arthur lawrence jesse dylan joe jordan billy bruce albert willie gabriel logan alan ' +
  'juan wayne roy ralph randy eugene vincent russell louis philip bobby johnny bradley alex oliver harry simon martin ' +
  'mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty margaret sandra ashley ' +
  'kimberly emily donna michelle carol amanda melissa deborah stephanie rebecca sharon laura cynthia kathleen amy angela ' +
  'shirley anna brenda pamela emma nicole helen samantha katherine christine debra rachel carolyn janet maria ' +
  'heather diane ruth julie olivia joyce virginia victoria kelly lauren christina joan evelyn judith megan andrea cheryl ' +
  'hannah jacqueline martha gloria teresa ann madison frances janice jean alice julia grace judy sophia ' +
  'rose denise amber doris marilyn danielle beverly isabella theresa diana natalie brittany charlotte marie kayla alexis ' +
  'lucy robin sam claire fiona raj rahul amit anita priya sanjay vijay ravi deepak sunil anil arun ashok sonia meera ' +
  'maya indira rajiv krishna mohan leela nina tara kumar sunita gita'
).split(' ');

export const LAST_NAMES = (
  'smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez gonzalez wilson anderson ' +
  'thomas taylor moore jackson martin lee perez thompson white harris sanchez clark ramirez lewis robinson walker young ' +
  'allen king wright scott torres nguyen hill flores green adams nelson baker hall rivera campbell mitchell carter ' +
  'roberts gomez phillips evans turner diaz parker cruz edwards collins reyes stewart morris morales murphy cook rogers ' +
  'gutierrez ortiz morgan cooper peterson bailey reed kelly howard ramos kim cox ward richardson watson brooks chavez wood ' +
  'james bennett gray mendoza ruiz hughes price alvarez castillo sanders patel myers long ross foster jimenez powell ' +
  'jenkins perry russell sullivan bell coleman butler henderson barnes gonzales fisher vasquez simmons romero jordan ' +
  'patterson alexander hamilton graham reynolds griffin wallace moreno west cole hayes bryant herrera gibson ellis tran ' +
  'medina stevens murray ford castro marshall owens harrison fernandez mcdonald woods washington kennedy wells vargas ' +
  'henry chen freeman webb tucker guzman burns crawford olson simpson porter hunter gordon mendez silva shaw snyder mason ' +
  'dixon munoz hunt hicks holmes palmer wagner black robertson boyd rose stone salazar fox warren mills meyer rice ' +
  'schmidt daniels ferguson nichols stephens soto weaver ryan gardner payne grant dunn kelley spencer hawkins morrison ' +
  'sharma singh gupta khan shah rao mehta reddy das kapoor desai joshi iyer menon nair bose sen roy chopra malhotra verma'
).split(' ');
