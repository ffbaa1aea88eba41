<?php

declare(strict_types=1);

namespace Magento\Framework\Event;

use Magento\Framework\App\AreaList;
use Magento\Framework\App\Cache\TypeList;
use Magento\Framework\App\Cache\TypePool;
use Magento\Framework\Config\XmlFile;
use Magento\Framework\Module\ModuleList;

/**
 * Who observes what: the enabled modules' etc/events.xml, and for an area etc/AREA/events.xml over them.
 *
 * Observers of one name are one observer; the later file wins. The result is cached under the type `config` in
 * every mode: a changed events.xml is not seen before that is cleaned.
 */
class Config
{
    private const FILE = 'events.xml';
    private const CACHE_ID = 'event_config_';

    /** @var array<string, array<string, array<string, array{instance?: string, disabled?: string}>>> by area */
    private array $events = [];

    public function __construct(
        private readonly ModuleList $moduleList,
        private readonly TypePool $cache,
    ) {
    }

    /**
     * @return list<class-string<ObserverInterface>>
     */
    public function getObservers(string $eventName, string $area): array
    {
        $this->events[$area] ??= $this->load($area);
        $enabled = array_filter(
            $this->events[$area][strtolower($eventName)] ?? [],
            fn (array $observer): bool => ($observer['disabled'] ?? '') !== 'true' && isset($observer['instance']),
        );

        return array_column(array_values($enabled), 'instance');
    }

    /**
     * @return array<string, array<string, array<string, string>>> event => observer's name => its attributes
     */
    private function load(string $area): array
    {
        $events = $this->cache->load(TypeList::CONFIG, self::CACHE_ID . $area);
        if ($events === null) {
            $files = [
                ...$this->moduleList->findConfigFiles(self::FILE),
                ...($area === AreaList::GLOBAL ? [] : $this->moduleList->findConfigFiles(self::FILE, $area)),
            ];
            $events = array_reduce($files, $this->merge(...), []);
            $this->cache->save(TypeList::CONFIG, self::CACHE_ID . $area, $events);
        }

        return $events;
    }

    /**
     * @param array<string, array<string, array<string, string>>> $events
     * @return array<string, array<string, array<string, string>>>
     */
    private function merge(array $events, string $file): array
    {
        foreach (XmlFile::read($file)->event as $event) {
            $name = strtolower((string)$event['name']);
            foreach ($event->observer as $observer) {
                $attributes = array_map(strval(...), ((array)$observer)['@attributes']);
                $known = $events[$name][$attributes['name']] ?? [];
                $events[$name][$attributes['name']] = $attributes + $known;
            }
        }

        return $events;
    }
}
