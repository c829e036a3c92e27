/// What was planned to happen, by the theme that knows it.
enum Step {
    case people(PeopleStep)
    case shop(ShopStep)
    case services(ServicesStep)
    case money(MoneyStep)
}
