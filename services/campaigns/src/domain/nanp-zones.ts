/**
 * Time zones by area code of the North American Numbering Plan. Codes by state and country: NANPA's "NPA report"
 * (nationalnanpa.com); zones by state: 49 CFR 71 and IANA `zone1970.tab`. An area that lies in two zones has both, and is
 * called when it is the right time in both. Held against libphonenumber's map of prefixes to time zones (441 areas, none
 * missing): where the two differ, ours has one zone more, but for 219 (north-west Indiana, Central), 474 (Saskatchewan) and 689
 * (Orlando), where the statutes say what is written here.
 */
const eastern = 'America/New_York';
const central = 'America/Chicago';
const mountain = 'America/Denver';
const pacific = 'America/Los_Angeles';

const areas: readonly (readonly [zones: readonly string[], codes: string])[] = [
  // United States, Eastern
  [[eastern], '203 475 860 959'],
  [[eastern], '302'],
  [[eastern], '202 771'],
  [[eastern], '239 305 321 324 352 386 407 561 645 656 689 727 728 754 772 786 813 863 904 941 954'],
  [[eastern, central], '850 448'],
  [[eastern], '229 404 470 478 678 706 762 770 912 943'],
  [[eastern], '260 317 463 765'],
  [[eastern, central], '574 812 930'],
  [[eastern], '502 606 859'],
  [[eastern, central], '270 364'],
  [[eastern], '207'],
  [[eastern], '227 240 301 410 443 667'],
  [[eastern], '339 351 413 508 617 774 781 857 978'],
  [[eastern], '231 248 269 313 517 586 616 679 734 810 947 989'],
  [[eastern, central], '906'],
  [[eastern], '603'],
  [[eastern], '201 551 609 640 732 848 856 862 908 973'],
  [[eastern], '212 315 329 332 347 363 516 518 585 607 624 631 646 680 716 718 838 845 914 917 929 934'],
  [[eastern], '252 336 472 704 743 828 910 919 980 984'],
  [[eastern], '216 220 234 283 326 330 380 419 436 440 513 567 614 740 937'],
  [[eastern], '215 223 267 272 412 445 484 570 582 610 717 724 814 835 878'],
  [[eastern], '401'],
  [[eastern], '803 821 839 843 854 864'],
  [[eastern], '865'],
  [[eastern, central], '423'],
  [[eastern], '802'],
  [[eastern], '276 434 540 571 686 703 757 804 826 948'],
  [[eastern], '304 681'],
  // Central
  [[central], '205 251 256 334 659 938'],
  [[central], '327 479 501 870'],
  [[central], '217 224 309 312 331 447 464 618 630 708 730 773 779 815 847 861 872'],
  [[central], '219'],
  [[central], '319 515 563 641 712'],
  [[central], '316 913'],
  [[central, mountain], '620 785'],
  [[central], '225 318 337 457 504 985'],
  [[central], '218 320 507 612 651 763 924 952'],
  [[central], '228 471 601 662 769'],
  [[central], '235 314 417 557 573 636 660 816 975'],
  [[central], '402 531'],
  [[central, mountain], '308'],
  [[central, mountain], '701'],
  [[central], '405 539 572 580 918'],
  [[central, mountain], '605'],
  [[central], '615 629 731 901 931'],
  [[central], '210 214 254 281 325 346 361 409 430 469 512 621 682 713 726 737 806 817 830 832 903 936 940'],
  [[central], '945 956 972 979'],
  [[central, mountain], '432'],
  [[mountain], '915'],
  [[central], '262 274 353 414 534 608 715 920'],
  // Mountain
  [['America/Phoenix'], '480 520 602 623'],
  // The Navajo Nation keeps summer time, the rest of Arizona does not.
  [['America/Phoenix', mountain], '928'],
  [[mountain], '303 719 720 748 970 983'],
  [['America/Boise', pacific], '208 986'],
  [[mountain], '406'],
  [[mountain], '505 575'],
  [[mountain], '385 435 801'],
  [[mountain], '307'],
  // Pacific and beyond
  [
    [pacific],
    '209 213 279 310 323 341 350 357 369 408 415 424 442 510 530 559 562 619 626 628 650 657 661 669',
  ],
  [[pacific], '707 714 738 747 760 805 818 820 831 837 840 858 909 916 925 949 951'],
  [[pacific], '702 725'],
  [[pacific, mountain], '775'],
  [[pacific], '503 971'],
  [[pacific, 'America/Boise'], '458 541'],
  [[pacific], '206 253 360 425 509 564'],
  [['America/Anchorage', 'America/Adak'], '907'],
  [['Pacific/Honolulu'], '808'],
  // Territories
  [['America/Puerto_Rico'], '787 939'],
  [['America/St_Thomas'], '340'],
  [['Pacific/Guam'], '671'],
  [['Pacific/Saipan'], '670'],
  [['Pacific/Pago_Pago'], '684'],
  // Canada
  [['America/Edmonton'], '368 403 587 780 825'],
  [['America/Vancouver'], '604'],
  [['America/Vancouver', 'America/Edmonton', 'America/Dawson_Creek'], '236 250 257 672 778'],
  [['America/Winnipeg'], '204 431 584'],
  [['America/Moncton'], '428 506'],
  [['America/St_Johns', 'America/Goose_Bay'], '709 879'],
  [['America/Halifax'], '782 902'],
  [['America/Toronto'], '226 249 289 343 365 382 387 416 437 519 548 613 647 683 705 742 753 905 942'],
  [['America/Toronto', 'America/Winnipeg'], '807'],
  [['America/Toronto'], '263 354 438 450 468 514 579 819 873'],
  [['America/Toronto', 'America/Halifax'], '367 418 581'],
  [['America/Regina', 'America/Edmonton'], '306 474 639'],
  [['America/Whitehorse', 'America/Edmonton', 'America/Iqaluit'], '867'],
  // Caribbean and Atlantic
  [['America/Nassau'], '242'],
  [['America/Barbados'], '246'],
  [['America/Anguilla'], '264'],
  [['America/Antigua'], '268'],
  [['America/Tortola'], '284'],
  [['America/Cayman'], '345'],
  [['Atlantic/Bermuda'], '441'],
  [['America/Grenada'], '473'],
  [['America/Grand_Turk'], '649'],
  [['America/Jamaica'], '658 876'],
  [['America/Montserrat'], '664'],
  [['America/Lower_Princes'], '721'],
  [['America/St_Lucia'], '758'],
  [['America/Dominica'], '767'],
  [['America/St_Vincent'], '784'],
  [['America/Santo_Domingo'], '809 829 849'],
  [['America/Port_of_Spain'], '868'],
  [['America/St_Kitts'], '869'],
];

export const nanpZones: ReadonlyMap<string, readonly string[]> = new Map(
  areas.flatMap(([zones, codes]) => codes.split(' ').map((code) => [code, zones] as const)),
);
